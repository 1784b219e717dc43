Attribute VB_Name = "InLibreOffice"
' What our VBA does in Excel and LibreOffice does otherwise.
Option Explicit

' What COM delivers to Python for an argument that was left out, and, with Excel's number added, for an error.
Private Const LEFT_OUT = -2147352572
Private Const FIRST_ERROR = -2146828288
Private Const MISSING = 448 ' the error that LibreOffice hands over for an argument that was left out

Public IsAddin As Boolean ' whether this workbook is an add-in
Public Attended As Boolean ' whether a person sits in front of Excel
Public Calculations As Long ' of everything

Public InFront As String ' the workbook in front; "" where there is none
Public WithoutMacros As Boolean ' whether that one has its macros disabled

Private said As String

' A hundred cells; what the last one shows.
Public Function HundredCells()
    Dim i As Long
    For i = 1 To 100
        HundredCells = CStr(CLOSE_RATIO(5, 20))
    Next i
End Function

Public Sub CalculateFull()
    Calculations = Calculations + 1
    HundredCells
End Sub

' A macro of another workbook.
Public Sub RunMacro(macro, argument)
    If WithoutMacros Then Err.Raise 1004, , "Cannot run the macro."
    said = said & macro & " " & argument
End Sub

' In the place of a message box.
Public Sub Hear(text)
    said = said & "[" & text & "]"
End Sub

' All messages since the last time.
Public Function Heard()
    Heard = said
    said = ""
End Function

' An element as COM delivers it.
Public Function Passed(given, i)
    If Not IsError(given(i)) Then
        Passed = given(i)
    ElseIf CLng(given(i)) = MISSING Then
        Passed = LEFT_OUT
    Else
        Passed = FIRST_ERROR + CLng(given(i))
    End If
End Function

' Value2 of a range: dates as numbers, and errors, which LibreOffice's Value reads as 0.
Public Function ValuesOf(place)
    Dim values As Variant
    Dim area As Object
    Dim i As Long
    Dim j As Long
    If place.Areas.Count > 1 Then
        ValuesOf = ValuesOf(place.Areas(1)) ' as in Excel
        Exit Function
    End If
    values = place.Value
    Set area = place.CellRange
    If Not IsArray(values) Then
        ValuesOf = ValueOf(area.getCellByPosition(0, 0), values)
        Exit Function
    End If
    For i = LBound(values, 1) To UBound(values, 1)
        For j = LBound(values, 2) To UBound(values, 2)
            values(i, j) = ValueOf(area.getCellByPosition(j - LBound(values, 2), i - LBound(values, 1)), values(i, j))
        Next j
    Next i
    ValuesOf = values
End Function

Private Function ValueOf(cell, value)
    If cell.getError() <> 0 Then
        ValueOf = FIRST_ERROR + ErrorNumber(cell.getError())
    ElseIf IsDate(value) And VarType(value) <> vbString Then
        ValueOf = cell.getValue()
    Else
        ValueOf = value
    End If
End Function

Private Function ErrorNumber(code)
    Select Case code
        Case 521: ErrorNumber = 2000
        Case 532: ErrorNumber = 2007
        Case 519: ErrorNumber = 2015
        Case 524: ErrorNumber = 2023
        Case 525: ErrorNumber = 2029
        Case 503: ErrorNumber = 2036
        Case 32767: ErrorNumber = 2042
    End Select
End Function
