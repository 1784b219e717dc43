Attribute VB_Name = "Calls"
' A call from a cell: what is sent to Python, and what comes back, with real error values.
Option Explicit
Option Private Module

Private Const FACES As String = "sales_udfs" ' the Python module with a function for each of ours
Private Const REFUSED As Long = 513 ' from here on VBA leaves the numbers to us
Private Const ERROR_VALUE As Long = 2015 ' #VALUE!
Private Const LONGEST_TEXT As Long = 32767 ' characters that a cell holds

' What a function shows: its value, rows of values, or an error value.
Public Function Answer(ByVal functionName As String, ByRef given As Variant) As Variant
    On Error GoTo Failed
    Answer = Received(Asked(functionName, Sent(given)))
    Exit Function
Failed:
    Answer = ErrorIn(Err.Description)
End Function

' The arguments of a function that takes any number of them: the first ones, and the others.
' ByVal, because VBA lets go of a ParamArray no other way.
Public Function Joined(ByRef first As Variant, ByVal others As Variant) As Variant
    Dim all() As Variant
    Dim i As Long
    Dim count As Long
    count = UBound(first) - LBound(first) + 1
    ReDim all(0 To count + UBound(others) - LBound(others))
    For i = LBound(first) To UBound(first)
        TakeOver all(i - LBound(first)), first(i)
    Next i
    For i = LBound(others) To UBound(others)
        TakeOver all(count + i - LBound(others)), others(i)
    Next i
    Joined = all
End Function

Private Sub TakeOver(ByRef target As Variant, ByRef source As Variant)
    If IsObject(source) Then
        Set target = source
    Else
        target = source
    End If
End Sub

' Ask Python; where it has stopped since the last call, start it again and ask once more.
Private Function Asked(ByVal functionName As String, ByVal values As Variant) As Variant
    Dim server As Object
    Dim number As Long
    Dim description As String
    Dim again As Boolean
    On Error GoTo Failed
AskAgain:
    Set server = Connection.Opened()
    Asked = server.CallUDF(FACES, functionName, values)
    Exit Function
Failed:
    number = Err.Number ' kept: calling another procedure may clear them
    description = Err.Description
    Set server = Nothing
    If Connection.IsLost(number) Then
        Connection.Release
        If Not again Then
            again = True
            Resume AskAgain
        End If
        Connection.GiveUp
    End If
    Err.Raise number, , description
End Function

' The arguments with the values of their ranges. An argument left out stays what it is, "missing", and an
' error value too: Python knows both.
Private Function Sent(ByRef given As Variant) As Variant
    Dim values() As Variant
    Dim bottom As Long
    Dim i As Long
    ReDim values(LBound(given) To UBound(given))
    bottom = LastRow(given)
    For i = LBound(given) To UBound(given)
        If IsObject(given(i)) Then
            values(i) = CellsOf(given(i), bottom)
        Else
            values(i) = given(i)
        End If
    Next i
    Sent = values
End Function

' Value2, because Value cuts cells formatted as currency to four decimals.
Private Function CellsOf(ByVal place As Object, ByVal bottom As Long) As Variant
    If place.Areas.Count > 1 Then
        Err.Raise REFUSED, , "#VALUE! a range of several areas"
    End If
    If IsWholeColumn(place) Then
        CellsOf = place.Resize(bottom).Value2
    Else
        CellsOf = place.Value2
    End If
End Function

' Whole columns such as A:A end where the sheets have nothing more: all of them in the same row, so that
' they still fit one another.
Private Function LastRow(ByRef given As Variant) As Long
    Dim used As Object
    Dim i As Long
    LastRow = 1
    For i = LBound(given) To UBound(given)
        If IsObject(given(i)) Then
            If IsWholeColumn(given(i)) Then
                Set used = given(i).Worksheet.UsedRange
                If used.Row + used.Rows.Count - 1 > LastRow Then
                    LastRow = used.Row + used.Rows.Count - 1
                End If
            End If
        End If
    Next i
End Function

Private Function IsWholeColumn(ByVal place As Object) As Boolean
    IsWholeColumn = (place.Rows.Count = place.Worksheet.Rows.Count)
End Function

' The result as a cell takes it. One row comes back as a plain list: it becomes a row again.
Private Function Received(ByVal result As Variant) As Variant
    Dim cells() As Variant
    Dim i As Long
    Dim j As Long
    If Not IsArray(result) Then
        Received = CellValue(result)
        Exit Function
    End If
    If HasColumns(result) Then
        ReDim cells(LBound(result, 1) To UBound(result, 1), LBound(result, 2) To UBound(result, 2))
        For i = LBound(result, 1) To UBound(result, 1)
            For j = LBound(result, 2) To UBound(result, 2)
                cells(i, j) = CellValue(result(i, j))
            Next j
        Next i
    Else
        ReDim cells(0 To 0, LBound(result) To UBound(result))
        For j = LBound(result) To UBound(result)
            cells(0, j) = CellValue(result(j))
        Next j
    End If
    Received = cells
End Function

' Whether an array has a second dimension; asking for the bounds of one that is not there is an error.
Private Function HasColumns(ByRef result As Variant) As Boolean
    Dim last As Long
    On Error Resume Next
    last = UBound(result, 2)
    HasColumns = (Err.Number = 0)
End Function

Private Function CellValue(ByVal value As Variant) As Variant
    Dim number As Long
    If IsNull(value) Then
        CellValue = ""
    ElseIf VarType(value) <> vbString Then
        CellValue = value
    Else
        number = ErrorNumber(value)
        If Len(value) > LONGEST_TEXT Then number = ERROR_VALUE
        If number = 0 Then
            CellValue = value
        Else
            CellValue = CVErr(number)
        End If
    End If
End Function

' The error value that a failed call means: "SalesFunctionError: #NUM! gross_margin is 20" is #NUM!, and
' anything unforeseen is #VALUE!.
Private Function ErrorIn(ByVal description As String) As Variant
    Dim words() As String
    Dim code As String
    Dim number As Long
    words = Split(Replace(Replace(description, vbCr, " "), vbLf, " ") & "  ", " ")
    code = words(0)
    If Right$(code, 1) = ":" Then code = words(1)
    number = ErrorNumber(code)
    If number = 0 Then number = ERROR_VALUE
    ErrorIn = CVErr(number)
End Function

' Excel's number of an error code (XlCVError); 0 for any other text.
Private Function ErrorNumber(ByVal code As String) As Long
    If Left$(code, 1) <> "#" Then Exit Function
    Select Case code
        Case "#NULL!": ErrorNumber = 2000
        Case "#DIV/0!": ErrorNumber = 2007
        Case "#VALUE!": ErrorNumber = 2015
        Case "#REF!": ErrorNumber = 2023
        Case "#NAME?": ErrorNumber = 2029
        Case "#NUM!": ErrorNumber = 2036
        Case "#N/A": ErrorNumber = 2042
        Case "#GETTING_DATA": ErrorNumber = 2043
        Case "#SPILL!": ErrorNumber = 2045
        Case "#CONNECT!": ErrorNumber = 2046
        Case "#BLOCKED!": ErrorNumber = 2047
        Case "#UNKNOWN!": ErrorNumber = 2048
        Case "#FIELD!": ErrorNumber = 2049
        Case "#CALC!": ErrorNumber = 2050
        Case "#BUSY!": ErrorNumber = 2051
        Case "#PYTHON!": ErrorNumber = 2222
    End Select
End Function
