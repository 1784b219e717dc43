Attribute VB_Name = "XlsalesAddin"
' The buttons of the add-in. Excel finds a button's macro by its name alone; no planner has these.
' Excel passes an IRibbonControl; As Object needs no reference to the library of Office.
Option Explicit

Public Sub XlsalesAddinRefresh(control As Object)
    Buttons.Act "Refresh"
End Sub

Public Sub XlsalesAddinAbout(control As Object)
    Buttons.Act "About"
End Sub
